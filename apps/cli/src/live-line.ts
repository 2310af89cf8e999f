import { stripVTControlCharacters } from 'node:util';
import { harmless, type Output } from './terminal.ts';

/** The last line of a terminal, rewritten as things move on; in a pipe, one line for each new `step`. */
export interface LiveLine {
  /** `step` names what a log should say once; `text` is what a terminal shows at this moment. */
  show(step: string, text: string): void;
  /** Ends the live line so that ordinary lines can follow. */
  end(): void;
}

const eraseLine = '\r\u001b[2K';

export function openLiveLine(output: Output): LiveLine {
  let lastStep = '';
  let drawn = false;
  return {
    show(step, text) {
      if (!output.interactive) {
        if (step !== lastStep) output.line(step);
        lastStep = step;
        return;
      }
      output.write(`${eraseLine}${fitting(harmless(text, true), output.columns)}`);
      drawn = true;
    },
    end() {
      if (drawn) output.write(eraseLine);
      drawn = false;
    },
  };
}

/** A line that wraps cannot be erased by one control sequence, so a long one is cut (and then loses its colours). */
function fitting(text: string, columns: number): string {
  const plain = stripVTControlCharacters(text);
  return plain.length < columns ? text : `${plain.slice(0, Math.max(0, columns - 2))}…`;
}

/** `[######----]  60 %` */
export function progressBar(percent: number, width = 24): string {
  const filled = Math.round((Math.min(100, Math.max(0, percent)) / 100) * width);
  return `${'█'.repeat(filled)}${'░'.repeat(width - filled)} ${String(percent).padStart(3)} %`;
}
