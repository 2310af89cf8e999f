/** OpenAI has one name where the provider has one for each mode; dated names are snapshots of the same model. */
const soraName = /^(?:openai\/)?(sora-2(?:-pro)?)(?:-\d{4}-\d{2}-\d{2})?$/i;

/** The provider's name for a model of OpenAI, by what goes in; any other name as it is. */
export function providerModelName(name: string, withPicture: boolean): string {
  const sora = soraName.exec(name)?.[1]?.toLowerCase();
  return sora === undefined ? name : `openai/${sora}-${withPicture ? 'i2v' : 't2v'}`;
}
