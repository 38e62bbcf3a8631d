/**
 * keys: who may sign what for which account.
 *
 * Writer    ExchangeService on registration. Imports exchange/core, server/*.
 */
import type { Account } from '../core/account.ts';
import type { ExchangeCore } from '../core/exchange-core.ts';
import { parseE8 } from '../core/money.ts';
import type { Credential } from './auth.ts';
import { credentialOf } from './auth.ts';
import type { RateLimitSettings } from './rate-limits.ts';
import { OrderBudget } from './rate-limits.ts';
import { missing, VenueError } from './venue-error.ts';

export interface ApiKey {
  readonly apiKey: string;
  readonly credential: Credential;
  readonly account: Account;
  readonly budget: OrderBudget;
}

export interface Registration {
  readonly apiKey: string;
  readonly publicKeyPem?: string;
  readonly secret?: string;
  /** Decimal text of the starting wallet; used when the account is new. */
  readonly wallet?: string;
  /** Account to attach to; the key's own name when absent. Several keys may share one. */
  readonly account?: string;
}

const FIELDS = ['apiKey', 'publicKeyPem', 'secret', 'wallet', 'account'];
const NAME = /^[A-Za-z0-9_.-]{1,64}$/;

/** A registration from untrusted JSON; throws VenueError naming what is wrong. */
export function checkedRegistration(value: unknown): Registration {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new VenueError(-1130, 'registration must be a JSON object');
  }
  for (const [name, item] of Object.entries(value)) {
    if (!FIELDS.includes(name)) throw new VenueError(-1130, `unknown field '${name}'`);
    if (typeof item !== 'string') throw new VenueError(-1130, `field '${name}' must be a string`);
  }
  const registration = value as Partial<Registration>;
  if (registration.apiKey === undefined || !NAME.test(registration.apiKey)) throw missing('apiKey');
  if (registration.account !== undefined && !NAME.test(registration.account)) {
    throw missing('account');
  }
  return registration as Registration;
}

export class KeyRing {
  readonly #core: ExchangeCore;
  readonly #limits: RateLimitSettings;
  readonly #keys = new Map<string, ApiKey>();
  readonly #budgets = new Map<string, OrderBudget>();

  constructor(core: ExchangeCore, limits: RateLimitSettings) {
    this.#core = core;
    this.#limits = limits;
  }

  /** Adds a key; the same key again keeps its account and takes the new credential. */
  register(registration: Registration): ApiKey {
    const { apiKey, publicKeyPem, secret, wallet } = registration;
    const credential = credentialOf(publicKeyPem ?? null, secret ?? null);
    const name = this.#keys.get(apiKey)?.account.id ?? registration.account ?? apiKey;
    let account = this.#core.accounts.get(name);
    if (account === undefined) {
      const walletE8 = wallet === undefined ? undefined : parseE8(wallet);
      if (walletE8 === null || (walletE8 !== undefined && walletE8 < 0n)) throw missing('wallet');
      account = this.#core.openAccount(name, walletE8);
    }
    let budget = this.#budgets.get(name);
    if (budget === undefined) {
      budget = new OrderBudget(this.#limits);
      this.#budgets.set(name, budget);
    }
    const key = { apiKey, credential, account, budget };
    this.#keys.set(apiKey, key);
    return key;
  }

  find(apiKey: string | undefined): ApiKey {
    if (apiKey === undefined || apiKey === '') throw new VenueError(-2014);
    const key = this.#keys.get(apiKey);
    if (key === undefined) throw new VenueError(-2015);
    return key;
  }
}
