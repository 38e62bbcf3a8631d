/**
 * process-sample: CPU time and memory of another process, as Linux tells them.
 *
 * Units     CPU time in seconds, memory in MB of 10^6 bytes.
 * Imports   node:fs.
 */
import { existsSync, readFileSync } from 'node:fs';

export interface MemoryUse {
  readonly residentMb: number;
  readonly privateDirtyMb: number;
}

/** Jiffies a second as /proc counts them; the same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const BYTES_PER_KB = 1024;
const BYTES_PER_MB = 1e6;
/** utime and stime among the fields of /proc/PID/stat behind the command's name. */
const UTIME = 11;
const STIME = 12;

export function canSampleProcesses(): boolean {
  return existsSync('/proc/self/stat') && existsSync('/proc/self/smaps_rollup');
}

/** CPU seconds that a process has used, in all its threads. */
export function cpuSecondsOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[UTIME]) + Number(fields[STIME])) / TICKS_PER_SECOND;
}

export function memoryOf(pid: number): MemoryUse {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1');
  const megabytes = (name: string): number => {
    const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text);
    return (Number(found?.[1] ?? NaN) * BYTES_PER_KB) / BYTES_PER_MB;
  };
  return { residentMb: megabytes('Rss'), privateDirtyMb: megabytes('Private_Dirty') };
}
