import { PageHead } from '../parts/page-head.tsx';
import { Empty } from '../parts/states.tsx';
import { Link } from '../route/link.tsx';
import { useWords } from '../words/index.tsx';

export function Nowhere() {
  const { pages, shell } = useWords();
  return (
    <>
      <PageHead title={pages.nowhere} />
      <Empty>
        {shell.nowhere} <Link href="/ops">{shell.home}</Link>
      </Empty>
    </>
  );
}
