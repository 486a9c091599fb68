import { lookUp } from '../config/entry.ts';
import { UserError } from '../errors.ts';
import type { Command } from './command.ts';
import { ASKING } from './commands.ts';
import type { GlobalOptions } from './options.ts';
import { say } from './say.ts';

interface Options extends GlobalOptions {
  shell: string;
}

// Bash takes "=" and ":" for ends of words; what ends in "=", "." or "/" goes on without a space.
const bash = `# Completion of tweedie for bash: eval "$(tweedie completion bash)"
_tweedie() {
  local word
  COMPREPLY=()
  while IFS= read -r word; do
    [[ $word == "\${COMP_WORDS[COMP_CWORD]}"* ]] || continue
    [[ $word == *" "* ]] && printf -v word %q "$word"
    COMPREPLY+=("$word")
    case $word in *[=./]) compopt -o nospace 2>/dev/null ;; esac
  done < <("$1" ${ASKING} "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
}
complete -o default -F _tweedie tweedie`;

const zsh = `#compdef tweedie
# Completion of tweedie for zsh: eval "$(tweedie completion zsh)" after compinit
_tweedie() {
  local -a candidates
  candidates=("\${(@f)$("$words[1]" ${ASKING} "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  if [[ -z \${candidates[1]} ]]; then
    _files
    return
  fi
  compadd -S '' -- \${(M)candidates:#*[=./]}
  compadd -- \${candidates:#*[=./]}
}
compdef _tweedie tweedie`;

const scripts: ReadonlyMap<string, string> = new Map(Object.entries({ bash, zsh }));

const command: Command<Options> = {
  builder: (cli) =>
    cli
      .positional('shell', { type: 'string', demandOption: true, describe: [...scripts.keys()].join(' or ') })
      .example('$0 completion bash', 'the script itself, to keep in a file')
      .example('eval "$($0 completion bash)"', 'for ~/.bashrc')
      .example('eval "$($0 completion zsh)"', 'for ~/.zshrc, after compinit'),
  handler: ({ shell }) => {
    if (shell === 'fish')
      throw new UserError(
        'completion: there is none for fish; expected bash or zsh, which has it where it is started from fish',
      );
    say(lookUp(scripts, shell, 'shell'));
  },
};
export default command;
