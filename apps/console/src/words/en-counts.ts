export const plural = (count: number, one: string, many: string) =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
export const jobs = (count: number) => plural(count, 'job', 'jobs');
