/** A bar of one or more parts, from the bottom up. */
export interface Bar {
  readonly key: number;
  readonly title: string;
  readonly parts: readonly { readonly className: string; readonly value: number }[];
}

const width = 100;
const height = 32;
const gapShare = 0.25;

/** A small chart. Its numbers are in words in `label`, and each bar names its own on hover. */
export function Bars({ bars, label }: { bars: readonly Bar[]; label: string }) {
  const total = (bar: Bar) => bar.parts.reduce((sum, { value }) => sum + value, 0);
  const peak = Math.max(1, ...bars.map(total));
  const step = width / Math.max(1, bars.length);
  return (
    <svg className="bars" viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {bars.map((bar, index) => (
        <g key={bar.key} transform={`translate(${index * step} 0)`}>
          <title>{bar.title}</title>
          <rect className="base" y={height - 1} width={step * (1 - gapShare)} height={1} />
          {stacked(bar, peak).map(({ className, y, size }) => (
            <rect key={className} className={className} y={y} width={step * (1 - gapShare)} height={size} />
          ))}
        </g>
      ))}
    </svg>
  );
}

function stacked(bar: Bar, peak: number): { className: string; y: number; size: number }[] {
  let top = height;
  return bar.parts
    .filter(({ value }) => value > 0)
    .map(({ className, value }) => {
      const size = Math.max(1.5, (value / peak) * height);
      top -= size;
      return { className, y: top, size };
    });
}
