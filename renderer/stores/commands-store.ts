/**
 * commands-store: what was asked of the engine and what it answered.
 *
 *   pending     sent, or waiting for the link; no answer yet
 *   applied     the engine did it; the screen still shows only what the next status says
 *   refused     the engine said no, and why
 *   unanswered  the link broke, or nothing came in time: nobody here knows
 *
 * Writer    link/event-router. Readers: switches and buttons, the notice strip.
 * Times     milliseconds of performance.now.
 *
 * Imports   contract, zustand.
 */
import { create } from 'zustand';
import type { Ack, Command } from '../../engine/contract/commands.ts';

export type RequestState = 'pending' | 'applied' | 'refused' | 'unanswered';

export interface Request {
  readonly command: Command;
  readonly state: RequestState;
  readonly reason: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number | null;
}

export const REQUESTS_MAX = 50;

interface CommandsState {
  /** Newest first. */
  readonly requests: readonly Request[];
}

export const useCommands = create<CommandsState>(() => ({ requests: [] }));

export function requestSent(command: Command, nowMs: number): void {
  const request: Request = {
    command,
    state: 'pending',
    reason: '',
    sentAtMs: nowMs,
    answeredAtMs: null,
  };
  useCommands.setState(({ requests }) => ({
    requests: [request, ...requests].slice(0, REQUESTS_MAX),
  }));
}

export function requestAnswered(ack: Ack, nowMs: number): void {
  settle(ack.id, { state: ack.outcome, reason: ack.reason, answeredAtMs: nowMs });
}

export function requestUnanswered(id: string, reason: string, nowMs: number): void {
  settle(id, { state: 'unanswered', reason, answeredAtMs: nowMs });
}

function settle(id: string, change: Partial<Request>): void {
  useCommands.setState(({ requests }) => ({
    requests: requests.map((request) =>
      request.command.id === id ? { ...request, ...change } : request,
    ),
  }));
}

export function pendingRequests(): readonly Request[] {
  return useCommands.getState().requests.filter(({ state }) => state === 'pending');
}
