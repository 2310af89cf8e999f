import type { CredentialReport, SaidWire } from '@video-proxy/contracts';
import { useWords } from '../words/index.tsx';
import { Fact, Facts } from './card.tsx';
import { Id } from './id.tsx';
import { ForeignText } from './text.tsx';

export type EvidenceWire = NonNullable<CredentialReport['credential']['provider']>;

/** What the provider said, in its own words or in ours where it had none, with the ids its support asks for. */
export function Evidence({ evidence }: { evidence: EvidenceWire }) {
  const { evidence: words } = useWords();
  const { message, said, status_code, request_id, client_request_id, path, timestamp, kind } = evidence;
  return (
    <div className="evidence stack tight">
      {message !== null && (
        <>
          <p className="soft">{said === null ? words.theirs : words.ours}</p>
          <ProviderWords said={said} message={message} block />
        </>
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

interface ProviderWordsParts {
  readonly message: string;
  readonly said: SaidWire;
  readonly block?: boolean;
}

/** A quotation, unless it is our own remark: that is told in the language of the page. */
export function ProviderWords({ message, said, block = false }: ProviderWordsParts) {
  const { told } = useWords();
  if (said !== null) return <ForeignText text={told.finding(said, message)} />;
  const Quotation = block ? 'blockquote' : 'q';
  return (
    <Quotation>
      <ForeignText text={message} />
    </Quotation>
  );
}
