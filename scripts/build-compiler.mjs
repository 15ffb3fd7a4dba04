/**
 * Builds `compiler/` into dist/: the WASI module, compressed, and a sidecar that says what it is.
 *
 *   node scripts/build-compiler.mjs           builds
 *   node scripts/build-compiler.mjs --check   proves that what is in dist/ is what the sources build
 *
 * The proof compares the module before compression, so it does not depend on a version of brotli.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib';

const sources = fileURLToPath(new URL('../compiler/', import.meta.url));
const artefact = new URL('../dist/compiler.wasm.br', import.meta.url);
const sidecar = new URL('../dist/compiler.json', import.meta.url);

const goMod = readFileSync(join(sources, 'go.mod'), 'utf8');
const toolchain = goMod.match(/^toolchain (\S+)$/m)[1];
const opa = goMod.match(/github\.com\/open-policy-agent\/opa v(\S+)/)[1];

/** The same bytes from any folder, on any machine: no paths, no version control, no settings of the user's. */
function compile() {
  const folder = mkdtempSync(join(tmpdir(), 'compiler-'));
  const output = join(folder, 'compiler.wasm');
  try {
    const { status, error } = spawnSync(
      'go',
      [
        'build',
        '-buildmode=c-shared',
        '-trimpath',
        '-buildvcs=false',
        '-ldflags=-s -w -buildid=',
        '-o',
        output,
        '.',
      ],
      {
        cwd: sources,
        stdio: 'inherit',
        env: {
          ...process.env,
          GOOS: 'wasip1',
          GOARCH: 'wasm',
          GOFLAGS: '-mod=readonly',
          GOTOOLCHAIN: toolchain,
          GOWORK: 'off',
          GOEXPERIMENT: '',
          GOWASM: '',
          GODEBUG: '',
          CGO_ENABLED: '0',
        },
      },
    );
    if (error) throw new Error(`expected ${toolchain} or any newer go on the path: ${error.message}`);
    if (status !== 0) throw new Error(`go build ended with exit code ${status}`);
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

function build() {
  const raw = compile();
  const compressed = brotliCompressSync(raw, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: raw.length,
    },
  });
  const described = {
    sha256: digest(raw),
    opa,
    go: toolchain.replace(/^go/, ''),
    rawBytes: raw.length,
    compressedBytes: compressed.length,
  };
  writeFileSync(artefact, compressed);
  writeFileSync(sidecar, `${JSON.stringify(described, null, 2)}\n`);
  console.log(`dist/compiler.wasm.br: ${described.rawBytes} bytes, ${described.compressedBytes} compressed`);
}

function check() {
  const shipped = readFileSync(artefact);
  const described = JSON.parse(readFileSync(sidecar, 'utf8'));
  const built = compile();
  const seen = {
    sha256: digest(brotliDecompressSync(shipped)),
    opa,
    go: toolchain.replace(/^go/, ''),
    rawBytes: built.length,
    compressedBytes: shipped.length,
  };
  const differences = Object.keys(seen).filter((key) => seen[key] !== described[key]);
  if (digest(built) !== described.sha256) differences.push('what the sources build');
  if (differences.length === 0) return;
  console.error(`dist/compiler is not what compiler/ builds; these differ: ${differences.join(', ')}`);
  console.error(
    'Run `node scripts/build-compiler.mjs` and commit dist/compiler.wasm.br and dist/compiler.json.',
  );
  process.exitCode = 1;
}

if (process.argv.includes('--check')) check();
else build();
