export const number = (count: number) => count.toLocaleString('zh-CN');
export const jobs = (count: number) => `${number(count)} 个任务`;
