import type { CredentialReport } from '@video-proxy/contracts';
import { Card } from '../../parts/card.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/index.tsx';

type Step = CredentialReport['what_to_do'][number];

export function WhatToDo({ steps, state }: { steps: readonly Step[]; state: CredentialReport['credential']['state'] }) {
  const { credential: words, told } = useWords();
  if (steps.length === 0 && state !== 'ok') return null;
  return (
    <Card title={words.whatToDo}>
      {steps.length === 0 ? (
        <p className="soft">{words.nothingToDo}</p>
      ) : (
        <ol className="what-to-do">
          {steps.map((step) => (
            <li key={step.code}>
              <ForeignText text={told.remedy(step)} />
              {step.link !== null && <StepLink link={step.link} />}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

/** A page of this console, or one of the provider: nothing else is ever made a link. */
function StepLink({ link }: { link: string }) {
  const { common } = useWords();
  if (link.startsWith('/ops')) {
    return (
      <Link className="button small" href={link}>
        {common.open}
      </Link>
    );
  }
  if (!link.startsWith('https://')) return null;
  return (
    <a className="wrap" href={link} target="_blank" rel="noreferrer">
      {link.replace('https://', '')}
    </a>
  );
}
