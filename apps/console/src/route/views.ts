/** What an address shows. The server knows the same list: `apps/api/src/surfaces/console`. */
export type View =
  | { readonly name: 'overview' | 'failures' | 'jobs' | 'credential' | 'dispatch' | 'audit' | 'nowhere' }
  | { readonly name: 'job'; readonly id: string };

export const pages = ['overview', 'failures', 'jobs', 'credential', 'dispatch', 'audit'] as const;
export type PageName = (typeof pages)[number];

export function pathOf(page: PageName): string {
  return page === 'overview' ? '/ops' : `/ops/${page}`;
}

export function jobPath(id: string): string {
  return `/ops/jobs/${encodeURIComponent(id)}`;
}

export function viewOf(path: string): View {
  const bare = path.replace(/\/+$/, '');
  const page = pages.find((name) => pathOf(name) === bare);
  if (page !== undefined) return { name: page };
  const id = /^\/ops\/jobs\/([^/]+)$/.exec(bare)?.[1];
  return id === undefined ? { name: 'nowhere' } : { name: 'job', id: decodeURIComponent(id) };
}

/** Which entry of the navigation a view belongs to. */
export function pageOf(view: View): PageName | null {
  if (view.name === 'job') return 'jobs';
  return view.name === 'nowhere' ? null : view.name;
}
