const minuteMs = 60_000;

/** Unix seconds as a field for date and time writes them, in the viewer's zone. */
export function toLocalInput(seconds: string | undefined): string {
  if (seconds === undefined || !/^\d+$/.test(seconds)) return '';
  const date = new Date(Number(seconds) * 1_000);
  return new Date(date.getTime() - date.getTimezoneOffset() * minuteMs).toISOString().slice(0, 16);
}

/** The reverse; empty for what is no time. */
export function fromLocalInput(text: string): string {
  const timeMs = new Date(text).getTime();
  return Number.isNaN(timeMs) ? '' : String(Math.floor(timeMs / 1_000));
}
