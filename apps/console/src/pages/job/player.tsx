import type { VideoJobWire } from '@video-proxy/contracts';
import { Card } from '../../parts/card.tsx';
import { useWords } from '../../words/index.tsx';

/**
 * Through the watch link, which needs no key: a player cannot send one. Only its path counts, because the page may be open
 * under another name than the one in the link.
 */
export function Player({ job }: { job: VideoJobWire }) {
  const { job: words } = useWords();
  const { pathname } = new URL(job.links.watch);
  const { video } = job;
  return (
    <Card
      title={words.video}
      end={
        <a href={job.links.watch} target="_blank" rel="noreferrer">
          {words.watch}
        </a>
      }
    >
      {video === null ? (
        <p className="soft">{job.status === 'in_progress' ? words.progress(job.progress) : words.noVideo}</p>
      ) : (
        // biome-ignore lint/a11y/useMediaCaption: nobody has written any.
        <video
          controls
          preload="none"
          poster={`${pathname}/poster.jpg`}
          src={`${pathname}/video.mp4`}
          width={video.width}
          height={video.height}
        />
      )}
    </Card>
  );
}
