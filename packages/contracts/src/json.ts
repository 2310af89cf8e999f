import type { JsonValue } from '@video-proxy/core';
import { z } from 'zod';

/**
 * Any JSON value. What came out of `JSON.parse` is one, so there is nothing to look at: `z.json()` would walk through it
 * again, and describe it to OpenAPI by a reference that its tools cannot follow.
 */
export const json = z.unknown() as unknown as z.ZodType<JsonValue>;
