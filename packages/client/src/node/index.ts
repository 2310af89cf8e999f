/** What needs Node: files, and a checksum that is made while the bytes run through. */
export { download, openCheckedVideo } from './download.ts';
