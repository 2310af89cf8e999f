/** A value as it was sent; very long texts in it (inline files) are of no use to a reader. */
const stringShownMax = 300;

export function Json({ value }: { value: unknown }) {
  return (
    <pre className="json" dir="ltr">
      {JSON.stringify(value, shortened, 2)}
    </pre>
  );
}

function shortened(_name: string, value: unknown): unknown {
  return typeof value === 'string' && value.length > stringShownMax
    ? `${value.slice(0, stringShownMax)}… (${value.length})`
    : value;
}
