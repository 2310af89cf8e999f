import { type Delivery, inputIdOf, type StoredVideo, storedVideoOf, textsOf, type VideoJob } from '@video-proxy/core';
import type { RecordedEvent } from '@video-proxy/ledger';
import type { FoundStep } from '@video-proxy/queue';
import type { VideoJobParts } from './parts.ts';
import { readAnyVideoJob } from './read.ts';

/** A file that belongs to a job, or that it is made from. */
export interface InspectedFile {
  readonly kind: 'video' | 'poster' | 'input' | 'rejected';
  readonly id: string | null;
  readonly storageKey: string | null;
  readonly contentType: string | null;
  readonly sizeBytes: number | null;
  /** Null when the storage cannot be asked now, and for what is not there but on the disk of a worker. */
  readonly present: boolean | null;
}

export interface Inspection {
  readonly job: VideoJob;
  readonly events: readonly RecordedEvent[];
  readonly steps: readonly FoundStep[];
  readonly files: readonly InspectedFile[];
  readonly deliveries: readonly Delivery[];
}

/** More lines than a history keeps. */
const eventsMax = 1_000;

export type InspectParts = Pick<VideoJobParts, 'ledger' | 'steps' | 'storage' | 'inputFiles'>;

export async function inspectVideoJob(parts: InspectParts, id: string): Promise<Inspection | null> {
  const job = await readAnyVideoJob(parts, id);
  if (job === null) return null;
  const [events, steps, files, deliveries] = await Promise.all([
    parts.ledger.jobs.events(id, { limit: eventsMax }),
    parts.steps.find({ jobId: id, attempt: job.attempt }),
    filesOf(parts, job),
    parts.ledger.deliveries.ofJob(id),
  ]);
  return {
    job,
    events,
    steps: [...steps, ...(await stepsOf(parts, deliveries))],
    files: [...files, ...rejectedFiles(events)],
    deliveries,
  };
}

async function stepsOf({ steps }: InspectParts, deliveries: readonly Delivery[]): Promise<FoundStep[]> {
  const pending = deliveries.filter(({ state }) => state === 'pending');
  return (await Promise.all(pending.map(({ id }) => steps.find({ deliveryId: id })))).flat();
}

function filesOf(parts: InspectParts, { lifecycle, parameters }: VideoJob): Promise<InspectedFile[]> {
  const video = storedVideoOf(lifecycle);
  const inputIds = new Set(textsOf(parameters).flatMap(({ text }) => inputIdOf(text) ?? []));
  return Promise.all([
    ...(video === null ? [] : madeFilesOf(parts, video)),
    ...[...inputIds].map((id) => inputFile(parts, id)),
  ]);
}

function madeFilesOf({ storage }: InspectParts, video: StoredVideo): Promise<InspectedFile>[] {
  const { storageKey, posterKey, contentType, sizeBytes } = video;
  const film = lookAt(storage, { kind: 'video', id: null, storageKey, contentType, sizeBytes });
  if (posterKey === undefined) return [film];
  const still = {
    kind: 'poster',
    id: null,
    storageKey: posterKey,
    contentType: 'image/jpeg',
    sizeBytes: null,
  } as const;
  return [film, lookAt(storage, still)];
}

async function inputFile({ inputFiles, storage }: InspectParts, id: string): Promise<InspectedFile> {
  const file = await inputFiles.ledger.inputs.get(id);
  if (file === null) {
    return { kind: 'input', id, storageKey: null, contentType: null, sizeBytes: null, present: false };
  }
  const { storageKey, contentType, sizeBytes } = file;
  return lookAt(storage, { kind: 'input', id, storageKey, contentType, sizeBytes });
}

/** What workers kept in place of a video: they say so in the history. */
function rejectedFiles(events: readonly RecordedEvent[]): InspectedFile[] {
  return events.flatMap(({ details: { keptAs } }) =>
    typeof keptAs === 'string'
      ? { kind: 'rejected', id: null, storageKey: keptAs, contentType: null, sizeBytes: null, present: null }
      : [],
  );
}

async function lookAt(
  storage: InspectParts['storage'],
  file: Omit<InspectedFile, 'present' | 'storageKey'> & { readonly storageKey: string },
): Promise<InspectedFile> {
  try {
    const found = await storage.stat(file.storageKey);
    return { ...file, sizeBytes: found?.sizeBytes ?? file.sizeBytes, present: found !== null };
  } catch {
    return { ...file, present: null };
  }
}
