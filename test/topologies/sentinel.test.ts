import { startSentinel } from '@video-proxy/testkit';
import { playOnTopology } from '../scenarios/topology.ts';

await playOnTopology('behind a Sentinel', startSentinel);
