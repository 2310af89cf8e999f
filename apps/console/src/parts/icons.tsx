import type { ReactNode } from 'react';

/** Drawn on 16 by 16; always beside a text or inside a button that has one. */
function icon(shape: ReactNode) {
  return () => (
    <svg viewBox="0 0 16 16" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden="true" focusable="false">
      {shape}
    </svg>
  );
}

export const CopyIcon = icon(
  <>
    <rect x="5.5" y="5.5" width="8" height="8" rx="1.5" />
    <path d="M3.5 10.5h-1v-8h8v1" />
  </>,
);
export const DoneIcon = icon(<path d="m3 8.5 3.2 3.2L13 4.8" />);
export const SunIcon = icon(
  <>
    <circle cx="8" cy="8" r="2.8" />
    <path d="M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13" />
  </>,
);
export const MoonIcon = icon(<path d="M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3Z" />);
export const CloseIcon = icon(<path d="m4 4 8 8M12 4l-8 8" />);
export const OutIcon = icon(<path d="M6.5 3.5h-3v9h3M9 5l3 3-3 3M12 8H6" />);
export const KeyboardIcon = icon(
  <>
    <rect x="1.5" y="4" width="13" height="8.5" rx="1.5" />
    <path d="M4 7h.01M6.7 7h.01M9.3 7h.01M12 7h.01M5 10h6" />
  </>,
);
