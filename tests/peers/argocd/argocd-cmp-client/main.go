// Command argocd-cmp-client asks a config management plugin what Argo CD's repo-server asks it, with the
// repo-server's own packages: which plugin takes an application, with which parameters, and what it makes
// of it.
//
//	argocd-cmp-client generate|parameters REPOSITORY APPLICATION NAMESPACE <plugin.json
//
// REPOSITORY and APPLICATION are folders, the second in the first. Standard input is `spec.source.plugin`
// of the Application, NAMESPACE that of its destination. The answer is JSON on standard output.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/app/discovery"
	"github.com/argoproj/argo-cd/v3/util/cmp"
)

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: argocd-cmp-client generate|parameters REPOSITORY APPLICATION NAMESPACE")
		os.Exit(2)
	}
	answer, err := ask(os.Args[1], os.Args[2], os.Args[3], os.Args[4])
	if err == nil {
		err = json.NewEncoder(os.Stdout).Encode(answer)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func ask(question, repository, application, namespace string) (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()

	var source v1alpha1.ApplicationSourcePlugin
	if err := json.NewDecoder(os.Stdin).Decode(&source); err != nil {
		return nil, err
	}
	env, err := source.Parameters.Environ()
	if err != nil {
		return nil, err
	}
	env = append(env, "ARGOCD_APP_NAME=mcp")
	// The repo-server does not say the namespace when it asks for the parameters.
	if question == "generate" {
		env = append(env, "ARGOCD_APP_NAMESPACE="+namespace)
	}

	conn, plugin, err := discovery.DetectConfigManagementPlugin(ctx, application, repository, source.Name, env, nil)
	if err != nil {
		return nil, err
	}
	defer conn.Close()

	switch question {
	case "generate":
		stream, err := plugin.GenerateManifest(ctx)
		if err != nil {
			return nil, err
		}
		if err := cmp.SendRepoStream(ctx, application, repository, stream, env, nil); err != nil {
			return nil, err
		}
		return stream.CloseAndRecv()
	case "parameters":
		stream, err := plugin.GetParametersAnnouncement(ctx)
		if err != nil {
			return nil, err
		}
		if err := cmp.SendRepoStream(ctx, application, repository, stream, env, nil); err != nil {
			return nil, err
		}
		return stream.CloseAndRecv()
	default:
		return nil, fmt.Errorf("no question %q", question)
	}
}
