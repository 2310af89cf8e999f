import { useQuery } from '@tanstack/react-query';
import { failuresQuery } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { Loaded, SkeletonRows } from '../../parts/states.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useSpeech } from '../../words/index.tsx';

const shownMax = 4;

export function TopFailures() {
  const { words, locale } = useSpeech();
  const failures = useQuery(failuresQuery(null, 'week'));
  return (
    <Card title={words.overview.topFailures} end={<Link href="/ops/failures">{words.overview.allFailures}</Link>} flush>
      <Loaded query={failures} loading={<SkeletonRows count={3} />}>
        {({ groups }) =>
          groups.length === 0 ? (
            <p className="soft lone-line">{words.overview.noFailures}</p>
          ) : (
            <ul className="parts">
              {groups.slice(0, shownMax).map((group) => (
                <li key={group.id}>
                  <span className="part-name">
                    <Link href={`/ops/jobs?group=${encodeURIComponent(group.id)}`}>
                      {words.terms.codes[group.code]}
                    </Link>
                  </span>
                  <strong className="number bad">{group.count.toLocaleString(locale)}</strong>
                  <span className="soft detail">
                    <When at={group.last_seen} />
                  </span>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Card>
  );
}
