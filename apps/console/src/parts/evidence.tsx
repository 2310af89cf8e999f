import type { CredentialReport } from '@video-proxy/contracts';
import { useWords } from '../words/index.tsx';
import { Fact, Facts } from './card.tsx';
import { Id } from './id.tsx';
import { ForeignText } from './text.tsx';

export type EvidenceWire = NonNullable<CredentialReport['credential']['provider']>;

/** What the provider said, in its own words, with the ids its support asks for. */
export function Evidence({ evidence }: { evidence: EvidenceWire }) {
  const { evidence: words } = useWords();
  const { message, status_code, request_id, client_request_id, path, timestamp, kind } = evidence;
  return (
    <div className="evidence stack tight">
      {message !== null && (
        <blockquote>
          <ForeignText text={message} />
        </blockquote>
      )}
      <Facts>
        <Fact name={words.status}>{status_code}</Fact>
        <Fact name={words.requestId}>{request_id !== null && <Id id={request_id} what={words.requestId} />}</Fact>
        <Fact name={words.clientRequestId}>
          {client_request_id !== null && <Id id={client_request_id} what={words.clientRequestId} />}
        </Fact>
        <Fact name={words.path}>{path !== null && <code>{path}</code>}</Fact>
        <Fact name={words.time}>{timestamp !== null && <span className="number">{timestamp}</span>}</Fact>
        <Fact name={words.kind}>{kind !== null && <ForeignText text={kind} />}</Fact>
      </Facts>
    </div>
  );
}
