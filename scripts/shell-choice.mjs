/**
 * shell-choice: the desktop window or the browser: which one `npm start` opens, and why.
 *
 * Pure: facts in, a choice out. Every choice has its reason, which is said to the person.
 *
 * Used by   desktop.mjs; tests
 */

/** Options that only the browser shell has. */
const OF_BROWSER = ['--port', '--no-open'];

/** The words of `npm start` that choose a shell, and the rest for the shell itself. */
export function readChoice(args) {
  const asksBrowser = args.includes('--browser');
  const asksDesktop = args.includes('--desktop');
  const rest = args.filter((word) => word !== '--browser' && word !== '--desktop');
  const ofBrowser = OF_BROWSER.find((name) =>
    rest.some((word) => word === name || word.startsWith(`${name}=`)),
  );
  return { asksBrowser, asksDesktop, ofBrowser: ofBrowser ?? null, rest };
}

/**
 * `facts`: what readChoice says, and
 *   binary      path of the Electron binary, or null
 *   hasDisplay  somebody could see a window
 *   isRoot      Electron's sandbox refuses to run for this user
 *   isCi        a machine that only checks
 *   failedTry   when the binary could not be fetched, in words, or null
 *
 * Answers { shell, why }: 'desktop', 'browser', 'fetch' (one try, then choose again) or 'refuse'
 * (the desktop was insisted on and cannot be).
 */
export function chooseShell(facts) {
  if (facts.asksBrowser && facts.asksDesktop) {
    return refuse('--browser and --desktop exclude each other; give one of them');
  }
  if (facts.asksBrowser) return browser('asked for with --browser');
  const obstacle = obstacleOf(facts);
  if (obstacle !== null) return facts.asksDesktop ? refuse(obstacle) : browser(obstacle);
  if (facts.binary !== null) return { shell: 'desktop', why: `Electron is at ${facts.binary}` };
  if (facts.isCi) {
    const why = 'Electron is not here, and CI is set: nothing is fetched';
    return facts.asksDesktop ? refuse(why) : browser(why);
  }
  if (facts.asksDesktop) return fetchFirst();
  if (facts.failedTry === null) return fetchFirst();
  return browser(
    `Electron could not be fetched ${facts.failedTry}; "npm start -- --desktop" tries again`,
  );
}

/** After the one try: where the binary is now, or why it is not. */
export function chooseAfterTry(facts, binary, failure) {
  if (binary !== null) return { shell: 'desktop', why: `Electron was fetched to ${binary}` };
  const why = `Electron could not be fetched: ${failure}`;
  return facts.asksDesktop ? refuse(why) : browser(why);
}

function obstacleOf(facts) {
  if (facts.ofBrowser !== null) return `${facts.ofBrowser} is an option of the browser shell`;
  if (!facts.hasDisplay) return 'there is no display to open a window on';
  if (facts.isRoot) return 'Electron does not run as root with its sandbox on';
  return null;
}

function browser(why) {
  return { shell: 'browser', why };
}

function refuse(why) {
  return { shell: 'refuse', why };
}

function fetchFirst() {
  return { shell: 'fetch', why: 'Electron is not here yet' };
}
