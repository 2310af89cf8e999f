/** The bytes of a file, made while they are read: a file of gigabytes costs no memory. */
export interface Content {
  readonly sizeBytes: number;
  /** Bytes from `start` up to, not including, `end`. */
  read(start: number, end: number): Iterable<Uint8Array>;
}

const chunkBytes = 64 * 1024;

export function bytesContent(bytes: Uint8Array): Content {
  return {
    sizeBytes: bytes.length,
    *read(start, end) {
      for (let at = start; at < end; at += chunkBytes) yield bytes.subarray(at, Math.min(at + chunkBytes, end));
    },
  };
}

const zeroBlock = new Uint8Array(chunkBytes);
/** Looks like nothing in particular and never holds the name of an MP4 box. */
const noiseBlock = Uint8Array.from({ length: chunkBytes }, (_, index) => 128 + ((index * 73 + (index >> 7)) % 128));

export function zeros(sizeBytes: number): Content {
  return repeated(zeroBlock, sizeBytes);
}

export function noise(sizeBytes: number): Content {
  return repeated(noiseBlock, sizeBytes);
}

function repeated(block: Uint8Array, sizeBytes: number): Content {
  return {
    sizeBytes,
    *read(start, end) {
      // The same position always holds the same byte: a resumed download must fit its first half.
      for (let at = start; at < end; ) {
        const offset = at % block.length;
        const chunk = block.subarray(offset, Math.min(block.length, offset + end - at));
        yield chunk;
        at += chunk.length;
      }
    },
  };
}

export function joined(...parts: readonly Content[]): Content {
  return {
    sizeBytes: parts.reduce((sum, part) => sum + part.sizeBytes, 0),
    *read(start, end) {
      let partStart = 0;
      for (const part of parts) {
        const from = Math.max(start - partStart, 0);
        const to = Math.min(end - partStart, part.sizeBytes);
        if (from < to) yield* part.read(from, to);
        partStart += part.sizeBytes;
      }
    },
  };
}

/** The first bytes of a file. */
export function headOf(content: Content, sizeBytes: number): Content {
  return { sizeBytes, read: (start, end) => content.read(start, end) };
}
