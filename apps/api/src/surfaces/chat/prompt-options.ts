import type { JsonObject } from '@video-proxy/core';

/** What may stand behind a wish, as in `a kite --duration 8 --aspect 9:16`, by its names in English and Chinese. */
const names: Readonly<Record<string, string>> = {
  duration: 'duration',
  seconds: 'duration',
  时长: 'duration',
  秒: 'duration',
  aspect: 'aspect_ratio',
  aspect_ratio: 'aspect_ratio',
  ratio: 'aspect_ratio',
  比例: 'aspect_ratio',
  画幅: 'aspect_ratio',
  resolution: 'resolution',
  分辨率: 'resolution',
  seed: 'seed',
  种子: 'seed',
  negative_prompt: 'negative_prompt',
  audio: 'generate_audio',
  声音: 'generate_audio',
};

const option = /(?:^|\s)(?:--|——)([\p{L}\p{N}_-]+)[ =：:]+("[^"]*"|“[^”]*”|[^\s-][^\s]*)/gu;

export interface ReadPrompt {
  readonly prompt: string;
  readonly parameters: JsonObject;
}

/** The words of a wish, and the options behind it. An option with another name is one of the model's own parameters. */
export function readPrompt(text: string): ReadPrompt {
  const found = [...text.matchAll(option)].map(([, name = '', value = '']) => {
    const known = name.toLowerCase().replaceAll('-', '_');
    return [names[known] ?? known, optionValue(value.replace(/^["“]|["”]$/g, ''))] as const;
  });
  return {
    prompt: text
      .replaceAll(option, ' ')
      .replaceAll(/[ \t]+/g, ' ')
      .trim(),
    parameters: Object.fromEntries(found),
  };
}

function optionValue(text: string): string | number | boolean {
  if (/^(true|on|yes|开|是)$/i.test(text)) return true;
  if (/^(false|off|no|关|否)$/i.test(text)) return false;
  const number = /^-?\d{1,12}(?:\.\d{1,6})?(?:s|秒)?$/.exec(text);
  return number === null ? text : Number.parseFloat(text);
}
