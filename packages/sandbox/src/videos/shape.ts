/** The picture shapes there is a seed for; the names are those of the files in `seeds/`. */
export type Shape = '16x9' | '9x16' | '1x1' | '4x3' | '3x4' | '21x9';

const ratioByShape: Record<Shape, number> = {
  '16x9': 16 / 9,
  '9x16': 9 / 16,
  '1x1': 1,
  '4x3': 4 / 3,
  '3x4': 3 / 4,
  '21x9': 21 / 9,
};

/**
 * The seed nearest to an asked-for aspect ratio: `16:9`, `1280:720` and `720x1280` are understood, anything else is
 * 16:9, the default of nearly every model.
 */
export function nearestShape(aspect: string | null): Shape {
  const [, width, height] = /^(\d{1,5})[:x](\d{1,5})$/.exec(aspect ?? '') ?? [];
  const ratio = Number(width) / Number(height);
  if (!Number.isFinite(ratio) || ratio <= 0) return '16x9';
  // Compared as logarithms, so that 2:1 is as far from 1:1 as 1:2 is.
  const distance = (shape: Shape): number => Math.abs(Math.log(ratio / ratioByShape[shape]));
  const shapes = Object.keys(ratioByShape) as Shape[];
  return shapes.reduce((best, shape) => (distance(shape) < distance(best) ? shape : best));
}
