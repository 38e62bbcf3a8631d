/**
 * venue-error: refusals as the venue words them: HTTP status, code, message.
 *
 * Imports   nothing.
 */

const MESSAGES: ReadonlyMap<number, string> = new Map([
  [-1000, 'An unknown error occurred while processing the request.'],
  [-1001, 'Internal error; unable to process your request. Please try again.'],
  [
    -1003,
    'Too many requests; current limit is reached. Please use the websocket for live updates.',
  ],
  [-1006, 'An unexpected response was received from the message bus. Execution status unknown.'],
  [
    -1007,
    'Timeout waiting for response from backend server. ' +
      'Send status unknown; execution status unknown.',
  ],
  [-1008, 'Server is currently overloaded with other requests. Please try again in a few minutes.'],
  [-1015, 'Too many new orders.'],
  [-1021, 'Timestamp for this request is outside of the recvWindow.'],
  [-1022, 'Signature for this request is not valid.'],
  [-1102, 'A mandatory parameter was not sent, was empty/null, or malformed.'],
  [-1106, 'A parameter was sent when not required.'],
  [-1111, 'Precision is over the maximum defined for this asset.'],
  [-1115, 'Invalid timeInForce.'],
  [-1116, 'Invalid orderType.'],
  [-1117, 'Invalid side.'],
  [-1121, 'Invalid symbol.'],
  [-1125, 'This listenKey does not exist.'],
  [-1130, 'Data sent for a parameter is not valid.'],
  [-2010, 'NEW_ORDER_REJECTED'],
  [-2011, 'Unknown order sent.'],
  [-2013, 'Order does not exist.'],
  [-2014, 'API-key format invalid.'],
  [-2015, 'Invalid API-key, IP, or permissions for action.'],
  [-2018, 'Balance is insufficient.'],
  [-2019, 'Margin is insufficient.'],
  [-2022, 'ReduceOnly Order is rejected.'],
  [-2025, 'Reach max open order limit.'],
  [-2027, 'Exceeded the maximum allowable position at current leverage.'],
  [-4001, 'Price less than 0.'],
  [-4002, 'Price greater than max price.'],
  [-4003, 'Quantity less than or equal to zero.'],
  [-4004, 'Quantity less than min quantity.'],
  [-4005, 'Quantity greater than max quantity.'],
  [-4013, 'Price less than min price.'],
  [-4014, 'Price not increased by tick size.'],
  [-4015, 'Client order id is not valid.'],
  [-4016, "Limit price can't be higher than the percent price limit."],
  [-4021, 'Invalid depth limit.'],
  [-4023, 'Quantity not increased by step size.'],
  [-4024, "Limit price can't be lower than the percent price limit."],
  [-4046, 'No need to change margin type.'],
  [-4059, 'No need to change position side.'],
  [-4061, "Order's position side does not match user's setting."],
  [-4067, 'Position side cannot be changed if there exists open orders.'],
  [-4116, 'ClientOrderId is duplicated.'],
  [
    -4120,
    'Order type not supported for this endpoint. Please use the Algo Order API endpoints instead.',
  ],
  [
    -4164,
    "Order's notional must be no smaller than the minimum notional " +
      '(unless you choose reduce only).',
  ],
  [-5021, 'Due to the order could not be filled immediately, the FOK order has been rejected.'],
  [-5022, 'Due to the order could not be executed as maker, the Post Only order will be rejected.'],
  [-5026, 'Exceed maximum modify order limit.'],
  [-5027, 'No need to modify the order.'],
  [-5028, 'Timestamp for this request is outside of the ME recvWindow.'],
  [-5029, "Order's notional must be no smaller than the minimum notional."],
]);

const STATUSES: ReadonlyMap<number, number> = new Map([
  [-1003, 429],
  [-1015, 429],
  [-1007, 408],
  [-1006, 503],
  [-1008, 503],
  [-1001, 503],
  [-2014, 401],
  [-2015, 401],
]);

export class VenueError extends Error {
  readonly code: number;
  readonly status: number;
  readonly retryAfterS: number;

  constructor(code: number, detail?: string, retryAfterS = 0) {
    super(detail ?? messageOfCode(code));
    this.name = 'VenueError';
    this.code = code;
    this.status = STATUSES.get(code) ?? 400;
    this.retryAfterS = retryAfterS;
  }

  get json(): string {
    return `{"code":${this.code},"msg":${JSON.stringify(this.message)}}`;
  }
}

export function messageOfCode(code: number): string {
  return MESSAGES.get(code) ?? 'The request was rejected.';
}

/** -1102 naming the parameter, worded as the venue words it. */
export function missing(name: string): VenueError {
  const text = `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`;
  return new VenueError(-1102, text);
}
