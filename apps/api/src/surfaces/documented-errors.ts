import { aimlapiError, openaiError } from '@video-proxy/contracts';

type Documented<Status extends number, Schema> = { readonly [Code in Status]: Schema };

/** The error answers of a `/v1` route, for its OpenAPI description. */
export function openaiErrors<Status extends number>(...statuses: Status[]): Documented<Status, typeof openaiError> {
  return Object.fromEntries(statuses.map((status) => [status, openaiError])) as Documented<Status, typeof openaiError>;
}

/** The same for a route of the provider's dialect. */
export function aimlapiErrors<Status extends number>(...statuses: Status[]): Documented<Status, typeof aimlapiError> {
  return Object.fromEntries(statuses.map((status) => [status, aimlapiError])) as Documented<
    Status,
    typeof aimlapiError
  >;
}
