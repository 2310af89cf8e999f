import { apiSettings, type Environment, sharedSettings, workerSettings } from '@video-proxy/contracts';
import { otherKeyNames } from '../doctor/checks/api-key.ts';

/**
 * The environment of the demo's own service: nothing of this service's settings is taken over, so that it cannot reach a
 * real Redis, spend a real key, or answer anybody but this machine.
 */
export function demoEnvironment(environment: Environment, dataDir: string): Environment {
  const ours = new Set([
    ...Object.keys({ ...sharedSettings, ...apiSettings, ...workerSettings }),
    ...otherKeyNames(environment),
  ]);
  const others = Object.entries(environment).filter(([name]) => !ours.has(name));
  return {
    ...Object.fromEntries(others),
    NODE_ENV: 'development',
    PROVIDER: 'sandbox',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDir,
    LOG_LEVEL: 'info',
  };
}
