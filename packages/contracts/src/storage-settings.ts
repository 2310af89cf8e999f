/** The settings that tell how an S3 service is reached. */
export interface S3Settings {
  readonly S3_ENDPOINT?: string | undefined;
  readonly S3_FORCE_PATH_STYLE?: 'true' | 'false' | undefined;
  readonly AWS_REGION: string;
  readonly AWS_ACCESS_KEY_ID?: string | undefined;
  readonly AWS_SECRET_ACCESS_KEY?: string | undefined;
  readonly AWS_SESSION_TOKEN?: string | undefined;
}

/** What they say. A service of one's own nearly always wants the bucket in the path, so that is its default. */
export function s3AccessOf(settings: S3Settings) {
  const { S3_ENDPOINT: endpoint = null, S3_FORCE_PATH_STYLE: pathStyle, AWS_REGION: region } = settings;
  return {
    endpoint,
    region,
    forcePathStyle: pathStyle === undefined ? endpoint !== null : pathStyle === 'true',
    credentials: credentialsOf(settings),
  };
}

function credentialsOf({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN }: S3Settings) {
  if (AWS_ACCESS_KEY_ID === undefined || AWS_SECRET_ACCESS_KEY === undefined) return null;
  const keys = { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY };
  return AWS_SESSION_TOKEN === undefined ? keys : { ...keys, sessionToken: AWS_SESSION_TOKEN };
}
