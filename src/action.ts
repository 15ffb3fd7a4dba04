/** Entry of the GitHub Action. */
import { runAction } from './commands/action.js';
import { processTerminal } from './commands/terminal.js';

process.exitCode = await runAction(processTerminal(new URL('.', import.meta.url)));
