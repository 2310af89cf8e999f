import type { JsonObject } from '@video-proxy/core';

interface Family {
  readonly name: string;
  readonly ids: RegExp;
  /** Usual processing time with the default clip length (docs pages, one run each; middle of a range). */
  readonly seconds: number;
  /** The same for clips of 10 s and more, where the docs show that it differs much. */
  readonly longClipSeconds?: number;
}

const longClipFromSeconds = 10;

/** For families without a published time: what most of the others stay below. */
const unknownSeconds = 180;

/** First match wins, so the special case stands above the general one. */
const families: readonly Family[] = [
  { name: 'Veo 2', ids: /^veo2/, seconds: 45 },
  { name: 'Veo 3.1 Lite', ids: /veo-3[.-]1-lite/, seconds: 95 },
  { name: 'Veo 3.1', ids: /veo3-1.*extend/, seconds: 160 },
  { name: 'Veo 3.1', ids: /veo-3\.1/, seconds: 90 },
  { name: 'Veo 3', ids: /veo-?3/, seconds: 120 },
  { name: 'Gemini Omni', ids: /gemini-omni/, seconds: unknownSeconds },
  { name: 'Sora 2 Pro', ids: /sora-2-pro/, seconds: 82 },
  { name: 'Sora 2', ids: /sora-2/, seconds: 62 },
  { name: 'Kling Avatar', ids: /avatar-pro/, seconds: 530 },
  { name: 'Kling Avatar', ids: /avatar-standard/, seconds: 240 },
  { name: 'Kling Motion Control', ids: /motion-control/, seconds: 356 },
  { name: 'Kling 3', ids: /video-v3-.*turbo/, seconds: 240 },
  { name: 'Kling 3', ids: /video-v3/, seconds: 390 },
  { name: 'Kling O1', ids: /video-o1/, seconds: 157 },
  { name: 'Kling 2.6', ids: /video-v2-6/, seconds: 131 },
  { name: 'Kling 2.5 Turbo', ids: /v2\.5-turbo/, seconds: 150 },
  { name: 'Kling 2 Master', ids: /v2(\.1)?-master/, seconds: 330, longClipSeconds: 750 },
  { name: 'Kling 2.1', ids: /kling-video\/v2\.1/, seconds: 210, longClipSeconds: 420 },
  { name: 'Kling 1', ids: /kling-video\/v1\/pro\/text/, seconds: 78 },
  { name: 'Kling 1', ids: /kling-video[/-]v1/, seconds: 220 },
  { name: 'Seedance 2', ids: /seedance-2-0-fast/, seconds: 93 },
  { name: 'Seedance 2', ids: /seedance-2/, seconds: 150 },
  { name: 'Seedance 1.5', ids: /seedance-1-5/, seconds: 216 },
  { name: 'Seedance 1', ids: /seedance-1-0/, seconds: 62 },
  { name: 'OmniHuman', ids: /omnihuman/, seconds: unknownSeconds },
  { name: 'Wan 2.7', ids: /wan-2-7-i2v/, seconds: 64 },
  { name: 'Wan 2.7', ids: /wan-2-7/, seconds: 510 },
  { name: 'Wan 2.6', ids: /wan-2-6-(r2v|image-to-video-flash)/, seconds: 262 },
  { name: 'Wan 2.6', ids: /wan-2-6/, seconds: 172 },
  { name: 'Wan 2.5', ids: /wan2\.5/, seconds: 200 },
  { name: 'Wan 2', ids: /alibaba\/wan2/, seconds: 90 },
  { name: 'HappyHorse', ids: /happyhorse/, seconds: 165 },
  { name: 'Hailuo 2.3', ids: /hailuo-2\.3-fast/, seconds: 69 },
  { name: 'Hailuo 2.3', ids: /hailuo-2\.3/, seconds: 98 },
  { name: 'Hailuo 02', ids: /hailuo-02/, seconds: 270, longClipSeconds: 510 },
  { name: 'MiniMax Video 01', ids: /^video-01/, seconds: 180 },
  { name: 'MiniMax H3', ids: /minimax\/h3/, seconds: unknownSeconds },
  { name: 'Ray 2 Flash', ids: /ray-flash/, seconds: 60 },
  { name: 'Luma Ray', ids: /luma\/ray/, seconds: 108 },
  { name: 'PixVerse Lip Sync', ids: /pixverse\/lip-sync/, seconds: 34 },
  { name: 'PixVerse', ids: /pixverse/, seconds: 50 },
  { name: 'Runway Gen-3', ids: /gen3a/, seconds: 25 },
  { name: 'Runway Gen-4', ids: /gen4_aleph/, seconds: 210 },
  { name: 'Runway Gen-4', ids: /gen4_turbo/, seconds: 65 },
  { name: 'Runway Act-Two', ids: /act_two/, seconds: 45 },
  { name: 'Krea Wan', ids: /krea/, seconds: 12 },
  { name: 'Hunyuan Foley', ids: /hunyuan/, seconds: 17 },
  { name: 'LTXV 2', ids: /ltxv/, seconds: 65 },
  { name: 'Kandinsky 5', ids: /kandinsky5-distill/, seconds: 54 },
  { name: 'Kandinsky 5', ids: /kandinsky/, seconds: 150 },
  { name: 'Grok Imagine', ids: /grok/, seconds: 85 },
  { name: 'Magic', ids: /^magic/, seconds: 165 },
  { name: 'Fabric', ids: /fabric/, seconds: 98 },
  { name: 'FLUX 3 Video', ids: /flux-3/, seconds: unknownSeconds },
  { name: 'SwitchX', ids: /switchx/, seconds: unknownSeconds },
];

const familyOf = (id: string): Family | undefined => families.find((family) => family.ids.test(id));

export const familyNameOf = (id: string): string | null => familyOf(id)?.name ?? null;

/** How long a generation usually takes, for progress and the expected end; never a promise. */
export function expectedSecondsOf(id: string, parameters: JsonObject = {}): number {
  const family = familyOf(id);
  if (family === undefined) return unknownSeconds;
  const isLong = typeof parameters['duration'] === 'number' && parameters['duration'] >= longClipFromSeconds;
  return isLong ? (family.longClipSeconds ?? family.seconds) : family.seconds;
}
