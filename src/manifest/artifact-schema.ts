/** The shape of `spec.artifact`, the thing that is deployed when its server is allowed. */
import { z } from 'zod';

/** Registry, path, optional tag, digest. */
const IMAGE =
  /^(?:[A-Za-z0-9.-]+(?::[0-9]+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?@sha256:[0-9a-f]{64}$/;

export const artifactSchema = z
  .strictObject({
    file: z
      .string()
      .regex(/^[^\0]+$/, { error: 'a path, relative to the manifest' })
      .optional()
      .describe(
        'A file to deploy, relative to the manifest. The gate takes its digest before it starts the server.',
      ),
    image: z
      .string()
      .max(500, { error: 'at most 500 characters' })
      .regex(IMAGE, {
        error: 'an image with its digest, such as ghcr.io/acme/billing@sha256: and 64 hexadecimal digits',
      })
      .optional()
      .describe('A container image with its digest: ghcr.io/acme/billing@sha256:….'),
    package: z
      .string()
      .max(500, { error: 'at most 500 characters' })
      .regex(/^pkg:[a-z][a-z0-9.+-]*\/[^\s@?#]+@[^\s@?#]+(?:\?[^\s#]+)?$/, {
        error: 'a package URL with its version, such as pkg:npm/%40acme/billing@1.2.3',
      })
      .optional()
      .describe('A published package as a package URL with its version; digest says which bytes it has.'),
    digest: z
      .string()
      .regex(/^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/, {
        error: 'sha256: and 64, or sha512: and 128 hexadecimal digits in lower case',
      })
      .optional()
      .describe(
        'Digest of the package. With file it may be given, too: then the file must have it. An image has its own.',
      ),
  })
  .meta({
    description:
      'What is deployed when this server is allowed: exactly one of file, image and package. The attestation is about it; see docs/attestation.md.',
    oneOf: [
      { required: ['file'], properties: { image: false, package: false } },
      { required: ['image'], properties: { file: false, package: false, digest: false } },
      { required: ['package', 'digest'], properties: { file: false, image: false } },
    ],
  });
