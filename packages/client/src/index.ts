/**
 * The client of a running service, for Node and for browsers. It speaks `/v1/jobs`; for other routes `connect` asks with the same
 * errors and limits. Who runs in Node saves files with `@video-proxy/client/node`.
 */
export { type Client, type JobQuery, openClient, type Waiting } from './client.ts';
export { type Connection, type ConnectionOptions, connect } from './connection.ts';
export {
  AuthenticationError,
  DownloadError,
  ServiceAwayError,
  ServiceError,
  StrangeAnswerError,
  VideoProxyError,
} from './errors.ts';
export { type Following, hasEnded } from './follow-job.ts';
export type { JobToDownload } from './open-video.ts';
