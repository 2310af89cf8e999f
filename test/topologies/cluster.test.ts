import { startCluster } from '@video-proxy/testkit';
import { playOnTopology } from '../scenarios/topology.ts';

await playOnTopology('on a Cluster of three primaries and their replicas', startCluster);
