/**
 * sound-cues: a short tone on a fill, a lower one on an alarm; silent unless asked for.
 *
 * Imports   stores.
 */
import { useActivity } from '../stores/activity-store.ts';

const FILL_HZ = 880;
const ALARM_HZ = 220;
const FILL_MS = 60;
const ALARM_MS = 220;
const LOUDNESS = 0.05;

/** `isWanted` is asked each time. Returns the end of it. */
export function startSoundCues(isWanted: () => boolean, play: typeof tone = tone): () => void {
  return useActivity.subscribe((state, previous) => {
    if (!isWanted()) return;
    const [fill] = state.fills;
    const [alert] = state.alerts;
    const isAlarm = alert !== undefined && alert !== previous.alerts[0] && alert.level === 'danger';
    if (isAlarm) play(ALARM_HZ, ALARM_MS);
    else if (fill !== undefined && fill !== previous.fills[0]) play(FILL_HZ, FILL_MS);
  });
}

let audio: AudioContext | null = null;

function tone(hertz: number, ms: number): void {
  audio ??= new AudioContext();
  const end = audio.currentTime + ms / 1000;
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.frequency.value = hertz;
  volume.gain.setValueAtTime(LOUDNESS, audio.currentTime);
  volume.gain.linearRampToValueAtTime(0, end);
  source.connect(volume).connect(audio.destination);
  source.start();
  source.stop(end);
}
