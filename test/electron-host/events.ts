/**
 * events: an event whose default can be prevented, as Electron hands it to listeners.
 *
 * Imports   nothing.
 */
import type { EventEmitter } from 'node:events';

export interface HostEvent {
  defaultPrevented: boolean;
  preventDefault(): void;
}

export function makeEvent<T extends object>(details: T): HostEvent & T {
  const event = {
    ...details,
    defaultPrevented: false,
    preventDefault(): void {
      event.defaultPrevented = true;
    },
  };
  return event;
}

/** Emits an event; true when nobody prevented its default. */
export function mayGoOn(emitter: EventEmitter, name: string, ...args: unknown[]): boolean {
  const event = makeEvent({});
  emitter.emit(name, event, ...args);
  return !event.defaultPrevented;
}
