export interface PublishedTime {
  readonly family: string;
  readonly fromSeconds: number;
  readonly toSeconds: number;
}

/**
 * What the provider's documentation pages say about how long a generation takes (August 2026). A range stands as it is
 * published; of a single run it is not known how far others are from it, and the published ranges of one model suggest 10 %.
 */
export const publishedTimes: readonly PublishedTime[] = [
  range('Krea', 11, 12),
  single('Hunyuan Foley', 17),
  single('Gen-3 Turbo', 25),
  single('PixVerse lip sync', 34),
  single('PixVerse 5.5', 50),
  single('Act-Two', 45),
  single('Gen-4 Turbo', 65),
  range('Veo 2', 40, 50),
  range('Veo 3.1 Lite', 60, 128),
  range('Veo 3.1', 80, 100),
  single('Veo 3', 120),
  range('Veo 3.1 extend', 143, 176),
  range('Sora 2', 50, 75),
  range('Sora 2 Pro', 74, 90),
  single('Hailuo 2.3 Fast', 69),
  single('Hailuo 2.3', 98),
  range('Hailuo 02, 6 s', 240, 300),
  range('Hailuo 02, 10 s', 480, 540),
  single('Live2D', 180),
  single('Wan 2.1 Turbo, 2.2', 90),
  range('Wan 2.5', 180, 222),
  single('Wan 2.6 image to video', 172),
  single('Wan 2.6 reference to video', 260),
  single('Wan 2.6 Flash', 264),
  single('Wan 2.7 image to video', 64),
  single('Wan 2.7 text to video', 503),
  single('Wan 2.7 reference to video', 522),
  range('Seedance 1.0', 34, 90),
  single('Seedance 1.5 Pro', 216),
  range('Seedance 2.0', 120, 180),
  single('Seedance 2.0 Fast', 93),
  single('Kling 1 Pro text to video', 78),
  range('Kling 1, 1.6', 120, 324),
  range('Kling 2 Master, 5 s', 300, 360),
  range('Kling 2 Master, 10 s', 660, 840),
  range('Kling 2.1 Pro, 5 s', 180, 240),
  range('Kling 2.1 Pro, 10 s', 360, 480),
  range('Kling 2.6 Pro', 110, 152),
  range('Kling O1', 79, 235),
  single('Kling 2.6 motion control', 356),
  range('Kling 3 Pro', 381, 401),
  range('Kling 3 Standard', 235, 431),
  single('Kling Avatar Standard', 240),
  single('Kling Avatar Pro', 530),
  single('Ray 2', 108),
  single('Ray 2 Flash', 60),
  single('Gen-4 Aleph', 210),
  range('LTXV 2', 59, 70),
  single('Kandinsky 5 Distill', 54),
  single('Kandinsky 5', 150),
  range('Grok Imagine', 64, 107),
  range('Magic', 144, 186),
  range('HappyHorse', 156, 174),
  range('Fabric', 80, 115),
];

function range(family: string, fromSeconds: number, toSeconds: number): PublishedTime {
  return { family, fromSeconds, toSeconds };
}

function single(family: string, seconds: number): PublishedTime {
  return range(family, seconds * 0.9, seconds * 1.1);
}
