# Completion of dataflux in zsh: source this file in .zshrc.
autoload -U +X compinit && compinit
autoload -U +X bashcompinit && bashcompinit
source "${${(%):-%x}:A:h}/dataflux.bash"
