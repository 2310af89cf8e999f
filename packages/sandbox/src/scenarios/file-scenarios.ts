import { type Behaviour, type FileTrouble, fileBodies, linkShapes } from './behaviour.ts';
import { choice, counted, plain, type Scenario, seconds, size, text } from './scenario.ts';

/** The link in the finished generation. */
const linkScenarios: readonly Scenario[] = [
  choice(
    {
      word: 'link-as',
      does: 'the link is absolute; or leads to a cloud metadata address, to a closed loopback port, to `file:`, or has no host. None of them but the first may be followed',
      source: 'inferred',
    },
    linkShapes,
    (behaviour, link) => ({ ...behaviour, link }),
  ),
  seconds(
    {
      word: 'link-seconds',
      does: 'each link works for S seconds after the poll that gave it, then 403',
      source: 'recorded',
    },
    600,
    (behaviour, linkSeconds) => ({ ...behaviour, linkSeconds }),
  ),
  counted(
    {
      word: 'file-expired',
      does: 'the first N links are dead (403); a poll after that gives a new link',
      source: 'inferred',
    },
    1,
    (behaviour, deadLinks) => ({ ...behaviour, deadLinks }),
  ),
];

const bodyDoes: Record<(typeof fileBodies)[number], string> = {
  video: 'the usual playable video',
  html: 'an HTML page in place of the file, `text/html`',
  empty: 'no bytes',
  truncated: 'the second half is missing and the length fits what is left; `size` changes nothing',
  'audio-only': 'a playable MP4 without a picture',
  zeros: 'only zero bytes',
  garbage: 'a valid `ftyp` box, then noise',
  'no-index': 'an MP4 without its `moov` box',
  'index-last': 'a playable MP4 with `moov` at its end',
};

const bodyScenarios = fileBodies
  .filter((body) => body !== 'video')
  .map((fileBody) =>
    plain({ word: `file-${fileBody}`, does: bodyDoes[fileBody], source: 'inferred' }, (behaviour) => ({
      ...behaviour,
      fileBody,
      fileType: fileBody === 'html' ? 'text/html; charset=utf-8' : behaviour.fileType,
    })),
  );

const troubleDoes: Record<FileTrouble, string> = {
  unavailable: 'the first N downloads are answered 503',
  forbidden: 'the first N downloads are answered 403, the same link works afterwards',
  reset: 'the first N downloads end before the answer',
  hang: 'the first N downloads are never answered',
  cut: 'the first N downloads end halfway; a Range request resumes',
  stall: 'the first N downloads stop sending halfway and stay open',
};

const troubleScenarios = (Object.keys(troubleDoes) as FileTrouble[]).map((trouble) =>
  counted({ word: `file-${trouble}`, does: troubleDoes[trouble], source: 'inferred' }, 1, (behaviour, times) => ({
    ...behaviour,
    fileTroubles: [...behaviour.fileTroubles, { trouble, times }],
  })),
);

const deliveryScenarios: readonly Scenario[] = [
  plain({ word: 'file-missing', does: '404', source: 'inferred' }, (behaviour) => ({ ...behaviour, fileStatus: 404 })),
  plain({ word: 'file-gone', does: '410', source: 'inferred' }, (behaviour) => ({ ...behaviour, fileStatus: 410 })),
  text(
    { word: 'file-type', does: 'content type of the file', source: 'inferred' },
    'application/octet-stream',
    (behaviour, fileType) => ({ ...behaviour, fileType }),
  ),
  size(
    { word: 'size', does: 'a playable file of at least this size', source: 'inferred' },
    '5mb',
    (behaviour, fileSizeBytes) => ({ ...behaviour, fileSizeBytes }),
  ),
  size({ word: 'file-slow', does: 'SIZE a second', source: 'inferred' }, '20kb', (behaviour, fileBytesPerSecond) => ({
    ...behaviour,
    fileBytesPerSecond,
  })),
  redirect('file-redirect', 'once', 'a redirect to the file'),
  redirect('file-redirect-loop', 'loop', 'a redirect to itself'),
  redirect('file-redirect-internal', 'internal', 'a redirect to a cloud metadata address; must not be followed'),
  plain(
    { word: 'file-endless', does: 'a file that never ends, without a length', source: 'inferred' },
    (behaviour) => ({ ...behaviour, fileEndless: true, fileLength: false }),
  ),
  plain({ word: 'file-no-length', does: 'no `Content-Length`', source: 'inferred' }, (behaviour) => ({
    ...behaviour,
    fileLength: false,
  })),
  plain({ word: 'file-no-ranges', does: 'Range is ignored, always 200', source: 'inferred' }, (behaviour) => ({
    ...behaviour,
    fileRanges: false,
  })),
];

/** The link and the file behind it. */
export const fileScenarios: readonly Scenario[] = [
  ...linkScenarios,
  ...bodyScenarios,
  ...troubleScenarios,
  ...deliveryScenarios,
];

function redirect(word: string, fileRedirect: Behaviour['fileRedirect'], does: string): Scenario {
  return plain({ word, does, source: 'inferred' }, (behaviour) => ({ ...behaviour, fileRedirect }));
}
