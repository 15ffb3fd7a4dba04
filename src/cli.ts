#!/usr/bin/env node
/** Entry of the command line. */
import { run } from './commands/program.js';
import { processTerminal } from './commands/terminal.js';

process.exitCode = await run(process.argv.slice(2), processTerminal(new URL('.', import.meta.url)));
