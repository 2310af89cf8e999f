import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type { IdShape } from '../scenarios/behaviour.ts';

/** 21 characters of `A-Z a-z 0-9 _ -`, as the provider's ids and request ids are. */
export function nanoid(): string {
  return randomBytes(16).toString('base64url').slice(0, 21);
}

/** A new generation id in one of the recorded shapes. */
export function generationId(shape: IdShape, model: string, nowMs: number): string {
  switch (shape) {
    case 'nanoid':
      return nanoid();
    case 'dash':
      return `-${nanoid().slice(1)}`;
    case 'uuid':
      return randomUUID();
    case 'uuid-model':
      return `${randomUUID()}:${model}`;
    case 'digits':
      return digits();
    case 'digits-model':
      return `${digits()}:${model}`;
    case 'cgt':
      return `cgt-${new Date(nowMs).toISOString().replace(/\D/g, '').slice(0, 14)}-${randomInt(36 ** 4, 36 ** 5).toString(36)}`;
    case 'long':
      return randomBytes(96).toString('base64url');
  }
}

function digits(): string {
  return String(randomInt(1e14, 2e14)) + String(randomInt(10));
}
