export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** How the S3 service of a `STORAGE_URL` is reached. */
export interface S3Access {
  /** Null: that of AWS. */
  readonly endpoint: string | null;
  readonly region: string;
  /** The bucket in the path instead of the host's name, as most services but AWS want it. */
  readonly forcePathStyle: boolean;
  readonly credentials: S3Credentials | null;
}

export interface S3Location extends S3Access {
  readonly bucket: string;
  /** Empty, or ends with a slash. */
  readonly prefix: string;
}

const bucketPattern = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const prefixPattern = /^(?:[A-Za-z0-9._-]+\/)*$/;

/** Reads `s3://bucket/prefix`; null when it is not of that form. */
export function readS3Url(url: string): Pick<S3Location, 'bucket' | 'prefix'> | null {
  const [, bucket = '', path = ''] = /^s3:\/\/([^/]*)\/?(.*)$/i.exec(url) ?? [];
  const prefix = path === '' || path.endsWith('/') ? path : `${path}/`;
  return bucketPattern.test(bucket) && prefixPattern.test(prefix) ? { bucket, prefix } : null;
}
