import type {
  AttentionItem,
  CredentialReport,
  SaidWire,
  StandingHoldWire,
  VideoJobWire,
  WebhookDelivery,
} from '@video-proxy/contracts';

/** Texts of the service, which it writes in English. The other dictionary says them again, from their codes. */
export const toldInEnglish = {
  attention: (item: AttentionItem): Pick<AttentionItem, 'title' | 'detail' | 'action'> => item,
  remedy: ({ text }: CredentialReport['what_to_do'][number]) => text,
  failure: ({ message }: NonNullable<VideoJobWire['error']>) => message,
  hold: ({ message }: NonNullable<VideoJobWire['hold']>) => message,
  standing: ({ message }: StandingHoldWire) => message,
  finding: (_said: SaidWire, text: string) => text,
  delivery: ({ error }: WebhookDelivery['tries'][number]) => error ?? '',
};
