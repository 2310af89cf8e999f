import { openCatalog } from '@video-proxy/aimlapi/catalog';
import { expect, test } from 'vitest';
import { examineModel } from '../../src/doctor/checks/model.ts';
import { diagnose } from './diagnosis.ts';

test.each([
  ['sora-2', 'model sora-2 is known as openai/sora-2-t2v'],
  ['google/veo-3.1-t2v', 'model google/veo-3.1-t2v is known'],
])('the model %s is known', (model, finding) => {
  expect(examineModel(model, openCatalog())).toEqual([expect.objectContaining({ status: 'ok', finding })]);
});

test('a configured default that no model has is a failure with the names it may have meant', async () => {
  const { of } = await diagnose({ DEFAULT_MODEL: 'google/veo-3.1-tv' });
  expect(of('model_unknown')).toMatchObject({ status: 'fail', action: expect.stringContaining('google/veo-3.1-t2v') });
});
