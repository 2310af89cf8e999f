/** Where links from outside may lead: decided where connections are made, and told before by a link's form. */
export { type OutboundOptions, OutboundRefusedError, openOutboundAgent } from './outbound-agent.ts';
export { type PostAnswer, postJson, unreachedCodes } from './post-json.ts';
export { isPublicAddress } from './public-address.ts';
export { openWebhookCaller, type WebhookCall, type WebhookCaller } from './webhook-caller.ts';
