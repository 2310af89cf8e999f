import { Component, type ReactNode } from 'react';
import { useWords } from '../words/index.tsx';

/** A page that throws leaves the navigation as it is. React tells errors of rendering to classes only. */
export class PageBoundary extends Component<{ readonly children: ReactNode }, { readonly isBroken: boolean }> {
  override state = { isBroken: false };

  static getDerivedStateFromError() {
    return { isBroken: true };
  }

  override render() {
    return this.state.isBroken ? <BrokenPage /> : this.props.children;
  }
}

function BrokenPage() {
  const { shell } = useWords();
  return (
    <div className="note bad" role="alert">
      <span className="wrap">{shell.broken}</span>
      <button type="button" className="button small" onClick={() => location.reload()}>
        {shell.reload}
      </button>
    </div>
  );
}
