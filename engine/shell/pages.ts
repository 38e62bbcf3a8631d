/**
 * pages: the two pages that the shell writes itself. They load nothing and run nothing.
 *
 * Imports   nothing.
 */

/** What somebody without the right token sees. `why` is one of the shell's own texts. */
export function refusalPage(why: string): string {
  return page(
    'Tickdeck: access refused',
    `<h1>Access refused</h1><p>${why}. Open the address that the engine printed when it started ` +
      '(it ends in <code>?token=…</code>), or start it again to get a new one.</p>',
  );
}

/** Shown for a moment after a click on another site. */
export function welcomePage(): string {
  return page('Tickdeck', '<p>Opening Tickdeck… <a href="/">go on</a></p>');
}

function page(title: string, body: string): string {
  return (
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    `<title>${title}</title></head><body>${body}</body></html>\n`
  );
}
