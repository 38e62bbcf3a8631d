/**
 * desk-store: what the desk itself has to say: an arrangement that could not be read, was merged
 * with another window's, or could not be kept. None of it is the engine's.
 *
 * Writer    app, through the functions below. Reader: the notice strip.
 * Imports   zustand.
 */
import { create } from 'zustand';

export interface DeskNotice {
  readonly code: string;
  readonly text: string;
}

interface DeskState {
  readonly notice: DeskNotice | null;
}

export const useDesk = create<DeskState>(() => ({ notice: null }));

export function deskSays(code: string, text: string): void {
  useDesk.setState({ notice: { code, text } });
}

export function deskNoticeRead(): void {
  useDesk.setState({ notice: null });
}
