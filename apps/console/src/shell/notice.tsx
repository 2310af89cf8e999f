import { createContext, type ReactNode, useCallback, useContext, useEffect, useState } from 'react';

const shownMs = 6_000;
const Notice = createContext<(text: string) => void>(() => {});

/** A word about what has just been done, which goes away by itself; nothing that has to be read stands here. */
export function NoticeBoard({ children }: { children: ReactNode }) {
  const [text, setText] = useState('');
  const announce = useCallback((next: string) => setText(next), []);
  useEffect(() => {
    if (text === '') return;
    const timer = setTimeout(() => setText(''), shownMs);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <Notice value={announce}>
      {children}
      <output className="toast">{text}</output>
    </Notice>
  );
}

export function useNotice(): (text: string) => void {
  return useContext(Notice);
}
