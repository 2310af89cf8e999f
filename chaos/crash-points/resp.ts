/**
 * The Redis protocol (RESP 2 and 3), as far as somebody in the middle needs it: where a command or an answer ends, what a
 * command is called, and which answers nobody asked for.
 */

const lineEnd = '\r\n';

/** @returns where the frame that begins at `start` ends; null while some of it is still to come */
function frameEnd(bytes: Buffer, start: number): number | null {
  const end = bytes.indexOf(lineEnd, start);
  if (end === -1) return null;
  const next = end + lineEnd.length;
  const count = Number(bytes.toString('latin1', start + 1, end));
  switch (String.fromCharCode(bytes[start] ?? 0)) {
    case '$':
    case '=':
    case '!': {
      const bodyEnd = count < 0 ? next : next + count + lineEnd.length;
      return bodyEnd <= bytes.length ? bodyEnd : null;
    }
    case '*':
    case '~':
    case '>':
      return framesEnd(bytes, next, count);
    case '%':
      return framesEnd(bytes, next, 2 * count);
    case '|':
      return framesEnd(bytes, next, 2 * count + 1);
    default:
      return next;
  }
}

function framesEnd(bytes: Buffer, start: number, count: number): number | null {
  let at: number | null = start;
  for (let index = 0; index < count && at !== null; index += 1) at = frameEnd(bytes, at);
  return at;
}

/** Cuts a stream into whole frames; what is not whole yet is kept for the next piece. */
export function frameReader(): (piece: Buffer) => Buffer[] {
  let rest: Buffer = Buffer.alloc(0);
  return (piece) => {
    const bytes = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    const frames: Buffer[] = [];
    let start = 0;
    for (let end = frameEnd(bytes, start); end !== null && start < bytes.length; end = frameEnd(bytes, start)) {
      frames.push(bytes.subarray(start, end));
      start = end;
    }
    rest = bytes.subarray(start);
    return frames;
  };
}

/** The words of a command. */
export function wordsOf(command: Buffer): Buffer[] {
  const words: Buffer[] = [];
  let at = command.indexOf(lineEnd) + lineEnd.length;
  while (at < command.length) {
    const end = frameEnd(command, at) ?? command.length;
    words.push(command.subarray(command.indexOf(lineEnd, at) + lineEnd.length, end - lineEnd.length));
    at = end;
  }
  return words;
}

/** A message of pub/sub, or the word that a subscription began: not the answer to the command that waits for one. */
export function isPush(answer: Buffer): boolean {
  return answer[0] === '>'.charCodeAt(0);
}
